CREATE TABLE `arm_total` (
	`site` text NOT NULL,
	`experience` text NOT NULL,
	`version` integer NOT NULL,
	`segment` text NOT NULL,
	`variant` text NOT NULL,
	`delivered` real NOT NULL,
	`survived` real NOT NULL,
	`seen` real NOT NULL,
	`clicked` real NOT NULL,
	`rewarded` real NOT NULL,
	`value` real NOT NULL,
	`value2` real NOT NULL,
	`delay` real DEFAULT 0 NOT NULL,
	PRIMARY KEY(`site`, `experience`, `version`, `segment`, `variant`)
);
