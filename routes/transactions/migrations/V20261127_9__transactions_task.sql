-- Runs of the pipeline load files. Those before were called otherwise, and could not be replayed, nor known as done.
UPDATE brigade.runs SET task = 'load' WHERE pipeline = 'transactions' AND task = 'sell';
