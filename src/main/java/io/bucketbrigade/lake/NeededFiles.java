package io.bucketbrigade.lake;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
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

    /** Whether a file below the lake is one of them. */
    boolean contains(String name) {
        return names.contains(name);
    }
}
