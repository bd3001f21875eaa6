package io.bucketbrigade.storage;

import io.bucketbrigade.csv.ByteSource;
import java.io.Closeable;
import java.io.IOException;

/** One version of a file, open for reading. */
public interface Source extends ByteSource, Closeable {

    /** Which version it is. */
    Identity identity();

    @Override
    default String name() {
        return identity().name();
    }

    @Override
    default long length() {
        return identity().size();
    }

    /**
     * Whether there is another version by now.
     *
     * @throws IOException if that can't be determined
     */
    boolean changed() throws IOException;
}
