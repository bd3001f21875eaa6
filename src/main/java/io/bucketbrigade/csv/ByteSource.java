package io.bucketbrigade.csv;

import java.io.IOException;

/** Bytes of known length that can be read from any position, by several threads at once. */
public interface ByteSource {

    /** What people call it, for messages: {@code messages.csv}. */
    String name();

    /** Its length in bytes. */
    long length();

    /**
     * Reads up to {@code length} bytes into {@code into}.
     *
     * @param position where to start, in bytes from the beginning
     * @return how many bytes were read, at least 1; -1 at the end
     * @throws IOException if the bytes can't be read
     */
    int read(long position, byte[] into, int offset, int length) throws IOException;
}
