INSERT INTO brigade.fetched (pipeline, setting, name, source, location, state, bytes, begun_at, ended_at, size, sha256, fetched_at)
VALUES ('city-requests', 'city.requests.sources', 'old.csv', 'http://localhost/old.csv', '/old', 'fetched', 9, now(), now(), 9, 'a', now());
