-- What each step of a run on a lake took. Grain: a step of a run; number is its place. rows: how many it wrote or computed. bytes_read: from inputs and
-- files, with what DuckDB had put aside. bytes_written: the data files of tables. memory_bytes: the most that DuckDB's buffers held at once; spilled_bytes: the
-- most that it had put aside on the disk.
CREATE TABLE brigade.run_steps (
    run_id        bigint           NOT NULL REFERENCES brigade.runs ON DELETE CASCADE,
    number        integer          NOT NULL,
    step          text             NOT NULL,
    rows          bigint           NOT NULL,
    bytes_read    bigint           NOT NULL,
    bytes_written bigint           NOT NULL,
    seconds       double precision NOT NULL,
    memory_bytes  bigint           NOT NULL,
    spilled_bytes bigint           NOT NULL,
    PRIMARY KEY (run_id, number)
);
