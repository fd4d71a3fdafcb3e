CREATE TABLE `call` (
	`key` text PRIMARY KEY NOT NULL,
	`fingerprint` text NOT NULL,
	`at` integer NOT NULL,
	`status` integer,
	`headers` text DEFAULT '{}' NOT NULL,
	`body` text DEFAULT '' NOT NULL
);
--> statement-breakpoint
CREATE INDEX `call_at` ON `call` (`at`);