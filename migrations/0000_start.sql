CREATE TABLE `bundle` (
	`hash` text NOT NULL,
	`part` integer NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`hash`, `part`)
);
--> statement-breakpoint
CREATE TABLE `draft` (
	`site` text NOT NULL,
	`kind` text NOT NULL,
	`id` text NOT NULL,
	`place` integer NOT NULL,
	`doc` text NOT NULL,
	`updated_at` integer NOT NULL,
	`updated_by` text NOT NULL,
	PRIMARY KEY(`site`, `kind`, `id`)
);
--> statement-breakpoint
CREATE TABLE `host` (
	`host` text PRIMARY KEY NOT NULL,
	`site` text NOT NULL,
	`origin` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `publication` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`site` text NOT NULL,
	`hash` text NOT NULL,
	`at` integer NOT NULL,
	`by` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `publication_site` ON `publication` (`site`,`seq`);--> statement-breakpoint
CREATE TABLE `rollup` (
	`site` text NOT NULL,
	`experience` text NOT NULL,
	`variant` text NOT NULL,
	`segment` text NOT NULL,
	`hour` integer NOT NULL,
	`delivered` real NOT NULL,
	`survived` real NOT NULL,
	`seen` real NOT NULL,
	`clicked` real NOT NULL,
	`rewarded` real NOT NULL,
	`value` real NOT NULL,
	`value2` real NOT NULL,
	PRIMARY KEY(`site`, `experience`, `hour`, `variant`, `segment`)
);
--> statement-breakpoint
CREATE TABLE `site` (
	`id` text PRIMARY KEY NOT NULL,
	`doc` text NOT NULL,
	`updated_at` integer NOT NULL,
	`updated_by` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `weights_version` (
	`site` text NOT NULL,
	`experience` text NOT NULL,
	`version` integer NOT NULL,
	`at` integer NOT NULL,
	`shares` text NOT NULL,
	PRIMARY KEY(`site`, `experience`, `version`)
);
