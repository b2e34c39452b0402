-- What was taken out of a request and what became of it on the way home: counts, as JSON. NULL where nothing was.

ALTER TABLE settlements ADD COLUMN transforms TEXT;
