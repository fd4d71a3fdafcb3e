import type { GalleryModule } from '../gallery.ts'

export const faq = {
  id: 'gallery-faq',
  name: 'Questions and answers',
  about: 'Questions that open to their answers, without a script.',
  template: `<section class="sv-faq">
  <h2>{{title}}</h2>
  {{#questions}}<details>
    <summary>{{question}}</summary>
    <p>{{answer}}</p>
  </details>{{/questions}}
</section>`,
  fields: {
    title: { kind: 'text', label: 'Headline', max: 80 },
    questions: {
      kind: 'list',
      label: 'Questions',
      max: 20,
      fields: {
        question: { kind: 'text', label: 'Question', max: 160 },
        answer: { kind: 'text', label: 'Answer', max: 1000 },
      },
    },
  },
  content: {
    title: 'Before you order',
    questions: [
      ...[{ question: 'Can I send it back?', answer: 'Within thirty days, at our cost.' }],
      ...[{ question: 'When will it be here?', answer: 'In two days, in most places in one.' }],
    ],
  },
} satisfies GalleryModule
