package io.bucketbrigade.lake;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.util.RawValue;
import io.bucketbrigade.lake.LakeCatalog.Pointer;
import io.bucketbrigade.problems.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.camel.Header;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.io.SeekableInputStream;
import org.apache.iceberg.rest.Endpoint;
import org.jspecify.annotations.Nullable;

/** The catalog of all lakes as Iceberg's REST protocol has it, for reading: each method makes the JSON of one answer. */
public final class RestCatalog {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private static final List<Endpoint> ENDPOINTS = List.of(
            Endpoint.V1_LIST_NAMESPACES,
            Endpoint.V1_LOAD_NAMESPACE,
            Endpoint.V1_NAMESPACE_EXISTS,
            Endpoint.V1_LIST_TABLES,
            Endpoint.V1_LOAD_TABLE,
            Endpoint.V1_TABLE_EXISTS);

    private final DataSource database;
    private final LakePlaces places;

    /** @param database where the catalog is */
    public RestCatalog(DataSource database, LakePlaces places) {
        this.database = database;
        this.places = places;
    }

    /** What a client may call. */
    public String config() {
        return json(Map.of(
                "defaults",
                Map.of(),
                "overrides",
                Map.of(),
                "endpoints",
                ENDPOINTS.stream().map(Endpoint::toString).toList()));
    }

    /**
     * The namespaces, one for each pipeline with tables.
     *
     * @param parent the namespace whose children are wanted; none has any
     * @throws NoSuchNamespaceException if there is no such parent
     * @throws SQLException if the database refuses
     */
    public String namespaces(@Header("parent") @Nullable String parent) throws SQLException {
        List<List<String>> found = new ArrayList<>();
        if (parent == null || parent.isEmpty()) {
            try (Connection connection = database.getConnection()) {
                new LakeCatalog(connection)
                        .namespaces().stream()
                                .filter(namespace -> places.find(namespace).isPresent())
                                .forEach(namespace -> found.add(List.of(namespace)));
            }
        } else {
            require(parent);
        }
        return json(Map.of("namespaces", found));
    }

    /**
     * One of them.
     *
     * @throws NoSuchNamespaceException if there is none
     * @throws SQLException if the database refuses
     */
    public String namespace(@Header("namespace") String namespace) throws SQLException {
        require(namespace);
        return json(Map.of("namespace", List.of(namespace), "properties", Map.of()));
    }

    /**
     * The tables of a namespace.
     *
     * @throws NoSuchNamespaceException if there is none
     * @throws SQLException if the database refuses
     */
    public String tables(@Header("namespace") String namespace) throws SQLException {
        return json(Map.of(
                "identifiers",
                require(namespace).stream()
                        .map(table -> Map.of("namespace", List.of(namespace), "name", table))
                        .toList()));
    }

    /**
     * A table, with its metadata as the metadata file has it.
     *
     * @throws NoSuchTableException if there is none
     * @throws Problem if its metadata is not in the lake of the pipeline, or missing, or not JSON
     * @throws SQLException if the database refuses
     * @throws IOException if the metadata file can't be read
     */
    public String table(@Header("namespace") String namespace, @Header("table") String table)
            throws SQLException, IOException {
        TableName name = new TableName(namespace, table);
        LakeFiles files = places.find(namespace).orElseThrow(() -> missing(name));
        Pointer pointer = find(name);
        String address = pointer.metadataIn(files);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("metadata-location", address);
        answer.put("metadata", new RawValue(read(name, files, address)));
        answer.put("config", Map.of());
        return json(answer);
    }

    private Pointer find(TableName name) throws SQLException {
        try (Connection connection = database.getConnection()) {
            return new LakeCatalog(connection)
                    .find(name)
                    .filter(Pointer::isTable)
                    .orElseThrow(() -> missing(name));
        }
    }

    private static NoSuchTableException missing(TableName name) {
        return new NoSuchTableException("There is no table %s.", name);
    }

    private static String read(TableName name, LakeFiles files, String address) throws IOException {
        try (SeekableInputStream in = files.newInputFile(address).newStream()) {
            byte[] bytes = in.readAllBytes();
            if (!JSON.readTree(bytes).isObject()) {
                throw new JsonParseException(null, "no object");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (RuntimeException | IOException unreadable) {
            throw UnreadableTable.of(name, "its metadata file " + files.name(address), unreadable);
        }
    }

    private List<String> require(String namespace) throws SQLException {
        List<String> tables = places.find(namespace).isPresent() ? names(namespace) : List.of();
        if (tables.isEmpty()) {
            throw new NoSuchNamespaceException("There is no namespace %s.", namespace);
        }
        return tables;
    }

    private List<String> names(String namespace) throws SQLException {
        try (Connection connection = database.getConnection()) {
            return new LakeCatalog(connection)
                    .pointers(namespace).stream()
                            .filter(Pointer::isTable)
                            .map(pointer -> pointer.name().table())
                            .toList();
        }
    }

    private static String json(Map<String, ?> value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
