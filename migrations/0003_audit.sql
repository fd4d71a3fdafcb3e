CREATE TABLE `audit` (
	`site` text NOT NULL,
	`experience` text NOT NULL,
	`at` integer NOT NULL,
	`doc` text NOT NULL,
	PRIMARY KEY(`site`, `experience`)
);
