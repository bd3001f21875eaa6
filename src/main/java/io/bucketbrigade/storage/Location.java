package io.bucketbrigade.storage;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** A place that holds files: a folder, or a bucket. */
public interface Location {

    /** Writes a file's bytes. */
    @FunctionalInterface
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** A file that is written whole but that nobody sees yet. */
    interface Prepared {
        /** What will be seen; blank if a file is removed. */
        String path();

        /**
         * Puts it in the place of the old one, in one step: a reader sees the old file or the new one.
         *
         * @throws IOException if it can't be put there; the old one stays
         */
        default void publish() throws IOException {
            publish(() -> {});
        }

        /**
         * Puts it in the place of the old one, unless it may not be put there any more.
         *
         * @param lastCheck done immediately before the step that readers see; if it throws, the old one stays
         * @throws IOException if it can't be put there; the old one stays
         */
        void publish(Runnable lastCheck) throws IOException;

        /**
         * Puts it in the place of the old one in one step, but only if that is still the version that was seen. Only buckets can.
         *
         * @param seen what was there; empty if nothing was
         * @param metadata what is kept with it
         * @return whether it is in place; if not, somebody else was faster
         * @throws IOException if it can't be put there; the old one stays
         */
        default boolean replace(Optional<StoredVersion> seen, Map<String, String> metadata) throws IOException {
            throw new UnsupportedOperationException(path() + " is not in a bucket");
        }

        /**
         * Reads what was written, before it is published.
         *
         * @throws IOException if it can't be read
         */
        default InputStream read() throws IOException {
            throw new FileNotFoundException(path());
        }

        /** Takes it back, if it was not published. */
        void discard();
    }

    /** A file that is being written where nobody looks for it yet. Closing it discards it, unless it was finished. */
    interface Draft extends Closeable {
        /** Where it is written. */
        FileChannel channel();

        /**
         * It is whole.
         *
         * @throws IOException if it can't be written safely
         */
        Prepared finish() throws IOException;
    }

    /** The location as people write it. */
    String name();

    /**
     * Makes the location ready for files to be put there, if it is ours to make.
     *
     * @throws IOException if it can't be made
     */
    void makeReady() throws IOException;

    /** Whether what {@link #list} shows is whole, so that nobody need wait for its writer to be done. */
    boolean showsOnlyWhole();

    /**
     * Those of the named files that are there, in the order of the names.
     *
     * @throws IOException if the location can't be read
     */
    List<Identity> list(Collection<String> names) throws IOException;

    /**
     * Names of files that are here. Of a location that holds very many, only some are listed.
     *
     * @param wanted which names are meant
     * @throws IOException if the location can't be read
     */
    List<String> names(Predicate<String> wanted) throws IOException;

    /**
     * The names, in the folder itself, that something has which is not a file: a folder, a pipe, a link to nothing.
     *
     * @param wanted which names are asked for
     * @throws IOException if it can't be asked
     */
    default List<String> noFiles(Predicate<String> wanted) throws IOException {
        return List.of();
    }

    /**
     * Names of files below a name, if what has that name is a folder. Of one that holds very many, only some are listed.
     *
     * @throws IOException if the location can't be read
     */
    Optional<List<String>> namesBelow(String name) throws IOException;

    /**
     * The names of all files that are here, and in folders below, which are part of the names.
     *
     * @throws IOException if the location can't be read
     */
    List<String> allNames() throws IOException;

    /**
     * Whether a file of that name is there.
     *
     * @throws IOException if the location can't be read
     */
    default boolean holds(String name) throws IOException {
        try {
            return !list(List.of(name)).isEmpty();
        } catch (NoSuchFileException noFolder) {
            return false;
        }
    }

    /**
     * Which version of a file is there, and what is kept with it; empty if there is none. Only buckets know.
     *
     * @throws IOException if it can't be asked
     */
    default Optional<StoredVersion> version(String name) throws IOException {
        throw new UnsupportedOperationException(name() + " is not a bucket");
    }

    /**
     * Opens a file as it is now; {@link Source#identity()} says which version that is.
     *
     * @throws IOException if it is not there or can't be read
     */
    Source open(String name) throws IOException;

    /**
     * Opens a version that was seen here, or the one that is there by now; {@link Source#identity()} says which.
     *
     * @throws IOException if it is not there or can't be read
     */
    Source open(Identity seen) throws IOException;

    /**
     * Begins to write a file where nobody looks for it yet.
     *
     * @param mark something that no other writer uses, such as a run's number
     * @throws IOException if that can't be done
     */
    Draft draft(String name, String mark) throws IOException;

    /**
     * Writes a file safely where nobody looks for it yet.
     *
     * @param mark something that no other writer uses, such as a run's number
     * @throws IOException if it can't be written; nothing is left then
     */
    default Prepared prepare(String name, String mark, Content content) throws IOException {
        try (Draft draft = draft(name, mark)) {
            OutputStream out = new BufferedOutputStream(Channels.newOutputStream(draft.channel()), 1 << 16);
            content.writeTo(new KeepOpenOutputStream(out));
            out.flush();
            return draft.finish();
        }
    }

    /**
     * Puts a file in the place of the old one while its bytes arrive; nobody sees it before it is whole.
     *
     * @param mark something that no other writer uses
     * @throws IOException if it can't be read or put there; the old one stays
     */
    void put(String name, String mark, InputStream bytes) throws IOException;

    /**
     * Deletes a file that is ours alone, if it is there. In a bucket that needs a right which nothing else here needs.
     *
     * @throws IOException if it can't be deleted
     */
    void delete(String name) throws IOException;

    /**
     * Removes a file, if it is there, when it is published.
     *
     * @param empty what takes its place where nothing may be deleted
     */
    Prepared prepareRemoval(String name, String mark, Content empty);

    /** Where files are kept until several of them can be put in place together. */
    Staging staging();
}
