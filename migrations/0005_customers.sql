CREATE TABLE `customer` (
	`site` text NOT NULL,
	`person` text NOT NULL,
	`attribute` text NOT NULL,
	`value` text,
	`at` integer NOT NULL,
	`source` text NOT NULL,
	PRIMARY KEY(`site`, `person`, `attribute`)
);
--> statement-breakpoint
CREATE TABLE `household` (
	`site` text NOT NULL,
	`person` text NOT NULL,
	`household` text NOT NULL,
	PRIMARY KEY(`site`, `person`)
);
--> statement-breakpoint
CREATE INDEX `household_of` ON `household` (`site`,`household`);--> statement-breakpoint
CREATE TABLE `import` (
	`site` text NOT NULL,
	`id` text NOT NULL,
	`source` text NOT NULL,
	`kind` text NOT NULL,
	`at` integer NOT NULL,
	`by` text NOT NULL,
	`rows` integer NOT NULL,
	`bad` integer NOT NULL,
	`finished` integer,
	PRIMARY KEY(`site`, `id`)
);
--> statement-breakpoint
CREATE INDEX `import_at` ON `import` (`site`,`at`);