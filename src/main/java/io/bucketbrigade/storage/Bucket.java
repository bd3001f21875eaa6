package io.bucketbrigade.storage;

import io.bucketbrigade.files.BucketName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A bucket, or a prefix in one. */
final class Bucket implements Location {
    private static final Logger LOG = LoggerFactory.getLogger(Bucket.class);

    private static final int FEW = 10;

    private final BucketName name;
    private final ObjectStore store;
    private final TemporaryFiles temporary;

    Bucket(BucketName name, ObjectStore store, TemporaryFiles temporary) {
        this.name = name;
        this.store = store;
        this.temporary = temporary;
    }

    @Override
    public String name() {
        return name.toString();
    }

    /** Buckets belong to the user, and we may not make any. */
    @Override
    public void makeReady() {}

    @Override
    public boolean showsOnlyWhole() {
        return true;
    }

    @Override
    public List<Identity> list(Collection<String> names) {
        if (names.size() > FEW) {
            return listMany(names);
        }
        List<Identity> found = new ArrayList<>();
        for (String wanted : names) {
            find(wanted).ifPresent(found::add);
        }
        return found;
    }

    /** A request for each page of the listing, where one for each name would be more. */
    private List<Identity> listMany(Collection<String> names) {
        Set<String> wanted = new HashSet<>(names);
        Map<String, Identity> found = new HashMap<>();
        String prefix = name.key("");
        for (S3Object object : store.list(name.bucket(), prefix)) {
            String key = object.key().substring(prefix.length());
            if (wanted.contains(key)) {
                found.put(key, identity(key, object));
            }
        }
        return names.stream().filter(found::containsKey).map(found::get).toList();
    }

    @Override
    public List<String> names(Predicate<String> wanted) {
        String prefix = name.key("");
        return store.firstPage(name.bucket(), prefix).stream()
                .map(object -> object.key().substring(prefix.length()))
                .filter(key -> key.indexOf('/') < 0 && wanted.test(key))
                .toList();
    }

    @Override
    public List<String> allNames() {
        String prefix = name.key("");
        return store.list(name.bucket(), prefix).stream()
                .map(object -> object.key().substring(prefix.length()))
                .toList();
    }

    @Override
    public Optional<List<String>> namesBelow(String folder) {
        String prefix = name.key(folder + "/");
        List<String> below = store.firstPage(name.bucket(), prefix).stream()
                .map(object -> object.key().substring(prefix.length()))
                .toList();
        return below.isEmpty()
                ? Optional.empty()
                : Optional.of(below.stream().filter(key -> !key.isEmpty()).toList());
    }

    Optional<Identity> find(String wanted) {
        return store.find(name.bucket(), name.key(wanted)).map(object -> identity(wanted, object));
    }

    private Identity identity(String wanted, S3Object object) {
        return new Identity(name(), wanted, object.size(), object.lastModified(), String.valueOf(object.eTag()));
    }

    @Override
    public Optional<StoredVersion> version(String file) {
        return store.replacing(name.bucket(), name.key(file)).version();
    }

    @Override
    public Source open(String wanted) throws IOException {
        return open(find(wanted).orElseThrow(() -> new NoSuchFileException(name() + "/" + wanted)));
    }

    @Override
    public Source open(Identity seen) {
        return new ObjectSource(this, seen, store.reader(name.bucket(), name.key(seen.name()), seen));
    }

    @Override
    public Draft draft(String file, String mark) throws IOException {
        Path written = temporary.create(file);
        return new LocalDraft(written, new PreparedObject(file, mark, written));
    }

    @Override
    public void put(String file, String mark, InputStream bytes) {
        store.writeArriving(name.bucket(), name.key(file), mark, bytes);
    }

    @Override
    public void delete(String file) {
        store.delete(name.bucket(), name.key(file));
    }

    /** Results are not deleted in buckets, for that is a right we don't ask for there: what is empty takes the old one's place. */
    @Override
    public Prepared prepareRemoval(String file, String mark, Content empty) {
        return new Prepared() {
            @Override
            public String path() {
                return "";
            }

            @Override
            public void publish(Runnable lastCheck) throws IOException {
                Optional<Identity> old = find(file);
                if (old.isEmpty()) {
                    return;
                }
                Prepared emptied = prepare(file, mark, empty);
                try {
                    emptied.publish(lastCheck);
                } finally {
                    emptied.discard();
                }
            }

            @Override
            public boolean replace(Optional<StoredVersion> seen, Map<String, String> metadata) throws IOException {
                if (seen.isEmpty()) {
                    return true;
                }
                Prepared emptied = prepare(file, mark, empty);
                try {
                    return emptied.replace(seen, metadata);
                } finally {
                    emptied.discard();
                }
            }

            @Override
            public void discard() {}
        };
    }

    @Override
    public Staging staging() {
        return new BucketStaging(this, name, store);
    }

    private final class PreparedObject implements Prepared {
        private final String file;
        private final String mark;
        private final Path written;

        PreparedObject(String file, String mark, Path written) {
            this.file = file;
            this.mark = mark;
            this.written = written;
        }

        @Override
        public String path() {
            return name() + "/" + file;
        }

        @Override
        public void publish(Runnable lastCheck) throws IOException {
            store.write(name.bucket(), name.key(file), mark, written, lastCheck);
        }

        @Override
        public boolean replace(Optional<StoredVersion> seen, Map<String, String> metadata) throws IOException {
            return store.replacing(name.bucket(), name.key(file)).with(written, seen, metadata);
        }

        @Override
        public InputStream read() throws IOException {
            return Files.newInputStream(written);
        }

        @Override
        public void discard() {
            try {
                Files.deleteIfExists(written);
            } catch (IOException e) {
                LOG.warn("{} could not be removed: {}", written, e.getMessage());
            }
        }
    }
}
