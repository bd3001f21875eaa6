-- The board of run 1.
INSERT INTO leaderboard VALUES ('1', 5, 'Old Ana'), ('2', 3, 'Old Bo');
