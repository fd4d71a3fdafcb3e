CREATE TABLE `decision_log` (
	`site` text NOT NULL,
	`seq` integer NOT NULL,
	`at` integer NOT NULL,
	`bundle` text NOT NULL,
	`doc` text NOT NULL,
	PRIMARY KEY(`site`, `seq`)
);
--> statement-breakpoint
CREATE INDEX `decision_log_at` ON `decision_log` (`at`);