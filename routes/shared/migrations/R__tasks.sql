-- The tasks of which there are runs, each once. Grain: a task of a pipeline. The index finds them one after the other, however many runs there are.
CREATE OR REPLACE VIEW brigade.tasks AS
WITH RECURSIVE tasks AS (
    (SELECT pipeline, task FROM brigade.runs ORDER BY pipeline, task LIMIT 1)
    UNION ALL
    SELECT following.pipeline, following.task
    FROM tasks AS before,
         LATERAL (SELECT pipeline, task FROM brigade.runs
                  WHERE (pipeline, task) > (before.pipeline, before.task)
                  ORDER BY pipeline, task LIMIT 1) AS following
)
SELECT pipeline, task FROM tasks;
