-- What the latest run changed in the table leaderboard, so that the page can say who went up and down: the rows as they were
-- before, compressed. One row at most; none if there was no board before, or if it changed too much to be kept.
CREATE TABLE brigade.leaderboard_before (
    differences bytea NOT NULL
);

-- PostgreSQL would try to compress once more.
ALTER TABLE brigade.leaderboard_before ALTER COLUMN differences SET STORAGE EXTERNAL;
