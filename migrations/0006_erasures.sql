CREATE TABLE `erasure` (
	`id` text PRIMARY KEY NOT NULL,
	`site` text NOT NULL,
	`fingerprint` text NOT NULL,
	`at` integer NOT NULL,
	`by` text NOT NULL,
	`erased` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `erasure_fingerprint` ON `erasure` (`site`,`fingerprint`);--> statement-breakpoint
CREATE INDEX `erasure_at` ON `erasure` (`site`,`at`);