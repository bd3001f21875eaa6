package io.bucketbrigade.retention;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;

/** Knows results outside of the database's tables that say which run they come from. */
@FunctionalInterface
public interface RunsInUse {
    /**
     * The runs that results name, also in states of the past that can still be read.
     *
     * @throws SQLException if the database can't answer
     * @throws IOException if a place can't be read
     */
    InUse find() throws SQLException, IOException;

    /**
     * The runs that results name.
     *
     * @param runs their numbers
     * @param unclear the pipelines of which that is not known at this time, each with the reason in a sentence; the hyphens in their names may be
     *     underscores
     */
    record InUse(Set<Long> runs, Map<String, String> unclear) {}
}
