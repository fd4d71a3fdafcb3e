CREATE TABLE `review` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`site` text NOT NULL,
	`revision` integer NOT NULL,
	`at` integer NOT NULL,
	`by` text NOT NULL,
	`note` text DEFAULT '' NOT NULL,
	`verdict` text,
	`decided_at` integer,
	`decided_by` text,
	`decided_note` text DEFAULT '' NOT NULL
);
--> statement-breakpoint
CREATE INDEX `review_site` ON `review` (`site`,`id`);--> statement-breakpoint
CREATE TABLE `scheduled` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`site` text NOT NULL,
	`at` integer NOT NULL,
	`hash` text NOT NULL,
	`configuration` text NOT NULL,
	`note` text DEFAULT '' NOT NULL,
	`by` text NOT NULL,
	`role` text NOT NULL,
	`made_at` integer NOT NULL,
	`state` text DEFAULT 'waiting' NOT NULL,
	`detail` text DEFAULT '' NOT NULL
);
--> statement-breakpoint
CREATE INDEX `scheduled_site` ON `scheduled` (`site`,`state`,`at`);