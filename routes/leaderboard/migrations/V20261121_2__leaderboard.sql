-- One row per author. user_id is text because ids need not be numbers; the API writes numbers where they are.
CREATE TABLE leaderboard (
    user_id  text   PRIMARY KEY,
    messages bigint NOT NULL,
    name     text   NOT NULL
);
