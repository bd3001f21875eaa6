package io.bucketbrigade.lake;

import io.bucketbrigade.database.InTransaction;
import io.bucketbrigade.lake.LakeCatalog.Pointer;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Problems;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.apache.iceberg.DataFile;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tables of lakes whose files are lost, and how the catalog forgets them so that the next run makes them again. */
public final class LostTables {
    private static final Logger LOG = LoggerFactory.getLogger(LostTables.class);

    private final LakePlaces places;
    private final DataSource database;

    /** @param database where the catalog is */
    public LostTables(LakePlaces places, DataSource database) {
        this.places = places;
        this.database = database;
    }

    /**
     * How a table of a pipeline is.
     *
     * @param name its name, with that of its namespace
     * @param metadata the address of its metadata; null if the catalog has none
     * @param lake the address of the lake
     * @param problem what is wrong with it; null if it can be read
     */
    public record State(
            String name,
            @Nullable String metadata,
            String lake,
            @Nullable Problem problem) {
        private boolean isLost() {
            return problem != null && Problems.find(problem, LostFile.class).isPresent();
        }
    }

    /**
     * How each table of a pipeline is: whether what describes it can be read, and whether its data files are there.
     *
     * @throws SQLException if the database refuses
     * @throws IOException if the lake can't be listed
     */
    public List<State> check(String pipeline) throws SQLException, IOException {
        String namespace = TableName.namespaceOf(pipeline);
        Optional<LakeFiles> lake = places.find(namespace);
        List<Pointer> pointers = lake.isPresent() ? pointers(namespace) : List.of();
        List<State> states = new ArrayList<>();
        if (!pointers.isEmpty()) {
            LakeFiles files = lake.orElseThrow();
            Map<String, Long> lengths = files.lengths(namespace);
            for (Pointer pointer : pointers) {
                states.add(new State(
                        pointer.name().toString(),
                        pointer.metadata(),
                        files.address(""),
                        problem(pointer, files, lengths)));
            }
        }
        return states;
    }

    private List<Pointer> pointers(String namespace) throws SQLException {
        try (Connection connection = database.getConnection()) {
            return new LakeCatalog(connection)
                    .pointers(namespace).stream().filter(Pointer::isTable).toList();
        }
    }

    private static @Nullable Problem problem(Pointer pointer, LakeFiles files, Map<String, Long> lengths)
            throws IOException {
        try {
            for (DataFile file : LakeTable.load(pointer, files).current()) {
                String name = files.name(file.location());
                UnreadableTable.requireLength(name, lengths.get(name), file.fileSizeInBytes());
            }
            return null;
        } catch (Problem problem) {
            return problem;
        }
    }

    /**
     * Makes the catalog forget the lost tables of a pipeline. Those that are elsewhere are left alone.
     *
     * @return their names, for people
     * @throws Problem if none is lost, or if one can't be read for another reason, or if the lake itself is not there, as a disk may only be away; nothing is
     *     forgotten then
     * @throws SQLException if the database refuses
     * @throws IOException if the lake can't be listed
     */
    public String forget(String pipeline) throws SQLException, IOException {
        Optional<LakeFiles> lake = places.find(TableName.namespaceOf(pipeline));
        if (lake.isPresent() && !lake.get().isThere()) {
            throw refused("The lake of " + pipeline
                    + " is not there; its disk may only be away. Bring it back; or, if it is lost, create its folder.");
        }
        List<State> lost = new ArrayList<>();
        for (State state : check(pipeline)) {
            if (state.isLost()) {
                lost.add(state);
            } else if (state.problem() != null
                    && state.metadata() != null
                    && state.metadata().startsWith(state.lake())) {
                throw refused(state.problem().sentence());
            }
        }
        if (lost.isEmpty()) {
            throw refused("No table of " + pipeline + " is lost. Leave --forget-lost-tables out.");
        }
        InTransaction.<RuntimeException>run(database, connection -> {
            LakeCatalog catalog = new LakeCatalog(connection);
            for (State state : lost) {
                catalog.remove(TableName.parse(state.name()), state.metadata());
            }
        });
        lost.forEach(state -> LOG.warn(
                "The catalog forgot the table {}, whose metadata was {}: {}",
                state.name(),
                state.metadata(),
                Objects.requireNonNull(state.problem()).sentence()));
        return lost.stream().map(State::name).collect(Collectors.joining(", "));
    }

    private static Problem refused(String why) {
        return new Problem(Kind.CONFLICT, "No table was forgotten. " + why);
    }
}
