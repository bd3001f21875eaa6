package io.bucketbrigade.lake;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.PartitionStatisticsFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.StatisticsFile;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadata.MetadataLogEntry;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.CloseableIterable;

/** The files that tables need: all of all their snapshots, whichever branch these are on, and the metadata of their past. */
final class NeededFiles {
    private static final Pattern WRITTEN_BY = Pattern.compile("/run(\\d{1,18})-[^/]*$");

    private final LakeFiles files;
    private final Set<String> names = new HashSet<>();

    NeededFiles(LakeFiles files) {
        this.files = files;
    }

    /**
     * Adds the files of a table.
     *
     * @throws NotFoundException if one is not below the lake, so that it is not known which are needed
     * @throws IOException if a manifest can't be read
     */
    void add(TableMetadata metadata) throws IOException {
        add(metadata.metadataFileLocation());
        metadata.previousFiles().stream().map(MetadataLogEntry::file).forEach(this::add);
        metadata.statisticsFiles().stream().map(StatisticsFile::path).forEach(this::add);
        metadata.partitionStatisticsFiles().stream()
                .map(PartitionStatisticsFile::path)
                .forEach(this::add);
        for (Snapshot snapshot : metadata.snapshots()) {
            add(snapshot.manifestListLocation());
            for (ManifestFile manifest : snapshot.allManifests(files)) {
                if (add(manifest.path())) {
                    addContent(manifest, metadata);
                }
            }
        }
    }

    private void addContent(ManifestFile manifest, TableMetadata metadata) throws IOException {
        try (CloseableIterable<String> paths = ManifestFiles.readPaths(manifest, files, metadata.specsById())) {
            paths.forEach(this::add);
        }
    }

    /** Adds the file of an address; says whether it was not known yet. */
    boolean add(String address) {
        return names.add(files.name(address));
    }

    /** The numbers of the runs that wrote them. */
    Set<Long> runs() {
        Set<Long> runs = new HashSet<>();
        for (String name : names) {
            Matcher written = WRITTEN_BY.matcher(name);
            if (written.find()) {
                runs.add(Long.parseLong(String.valueOf(written.group(1))));
            }
        }
        return runs;
    }

    /** Whether a file below the lake is one of them. */
    boolean contains(String name) {
        return names.contains(name);
    }
}
