package io.bucketbrigade.lake;

import io.bucketbrigade.lake.LakeCatalog.Pointer;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.retention.RunsInUse;
import io.bucketbrigade.storage.Locations;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.apache.iceberg.exceptions.NotFoundException;

/** The runs that rows of lakes come from, in all states of their tables that can still be read: the names of data files say them. */
public final class LakeRuns implements RunsInUse {
    private final Locations locations;
    private final DataSource database;

    public LakeRuns(Locations locations, DataSource database) {
        this.locations = locations;
        this.database = database;
    }

    @Override
    public InUse find() throws SQLException {
        Map<String, List<Pointer>> tables = new LinkedHashMap<>();
        try (Connection connection = database.getConnection()) {
            LakeCatalog catalog = new LakeCatalog(connection);
            for (String namespace : catalog.namespaces()) {
                tables.put(namespace, catalog.pointers(namespace));
            }
        }
        Set<Long> runs = new HashSet<>();
        Map<String, String> unclear = new LinkedHashMap<>();
        for (Map.Entry<String, List<Pointer>> lake : tables.entrySet()) {
            String namespace = lake.getKey();
            try {
                LakeFiles files = new LakeFiles(locations, LakeUpkeep.place(namespace, lake.getValue()));
                runs.addAll(LakeUpkeep.needed(lake.getValue(), files).runs());
            } catch (Problem problem) {
                unclear.put(namespace, problem.sentence());
            } catch (IOException | NotFoundException unreadable) {
                unclear.put(namespace, unreadable.getMessage() + ".");
            }
        }
        return new InUse(runs, unclear);
    }
}
