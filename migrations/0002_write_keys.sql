CREATE TABLE `write_key` (
	`site` text NOT NULL,
	`id` text NOT NULL,
	`hash` text NOT NULL,
	`created_at` integer NOT NULL,
	`created_by` text NOT NULL,
	PRIMARY KEY(`site`, `id`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `write_key_hash_unique` ON `write_key` (`hash`);