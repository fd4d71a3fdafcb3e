CREATE TABLE `change_log` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`at` integer NOT NULL,
	`by` text NOT NULL,
	`role` text NOT NULL,
	`action` text NOT NULL,
	`site` text,
	`kind` text,
	`id` text,
	`version` integer,
	`summary` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `change_log_revision` ON `change_log` (`site`,`version`);--> statement-breakpoint
ALTER TABLE `draft` ADD `version` integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE `site` ADD `revision` integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE `site` ADD `version` integer DEFAULT 1 NOT NULL;--> statement-breakpoint
CREATE TRIGGER `change_log_kept` BEFORE UPDATE ON `change_log` BEGIN
	SELECT RAISE(ABORT, 'change_log is append-only');
END;--> statement-breakpoint
CREATE TRIGGER `change_log_whole` BEFORE DELETE ON `change_log` BEGIN
	SELECT RAISE(ABORT, 'change_log is append-only');
END;
