ALTER TABLE `publication` ADD `note` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `publication` ADD `restores` integer;--> statement-breakpoint
ALTER TABLE `publication` ADD `configuration` text;