package io.bucketbrigade.storage;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A bucket, or a prefix in one. */
final class Bucket implements Location {
    private static final Logger LOG = LoggerFactory.getLogger(Bucket.class);

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
    public List<Identity> look(Collection<String> names) {
        List<Identity> found = new ArrayList<>();
        for (String wanted : names) {
            find(wanted).ifPresent(found::add);
        }
        return found;
    }

    Optional<Identity> find(String wanted) {
        return store.find(name.bucket(), name.key(wanted))
                .map(object -> new Identity(
                        name(), wanted, object.size(), object.lastModified(), String.valueOf(object.eTag())));
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
    public Prepared prepare(String file, String mark, Content content) throws IOException {
        Path written = temporary.create(file);
        PreparedObject prepared = new PreparedObject(file, mark, written);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(written), 1 << 16)) {
            content.writeTo(out);
        } catch (IOException | RuntimeException e) {
            prepared.discard();
            throw e;
        }
        return prepared;
    }

    @Override
    public void put(String file, String mark, InputStream bytes) {
        store.writeArriving(name.bucket(), name.key(file), mark, bytes);
    }

    /** Nothing is deleted in buckets, for that is a right we don't ask for: what is empty takes the old one's place. */
    @Override
    public Prepared prepareRemoval(String file, String mark, Content empty) {
        return new Prepared() {
            @Override
            public String path() {
                return "";
            }

            @Override
            public void publish() throws IOException {
                Optional<Identity> old = find(file);
                if (old.isEmpty()) {
                    return;
                }
                Prepared emptied = prepare(file, mark, empty);
                try {
                    emptied.publish();
                } finally {
                    emptied.discard();
                }
            }

            @Override
            public void discard() {}
        };
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
        public void publish() throws IOException {
            store.write(name.bucket(), name.key(file), mark, written);
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
