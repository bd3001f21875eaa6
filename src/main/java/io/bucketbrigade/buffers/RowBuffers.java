package io.bucketbrigade.buffers;

/** Makes buffers. */
public interface RowBuffers {
    /**
     * A buffer, which is not asked for anything yet.
     *
     * @param stream the stream that it is in front of
     * @throws io.bucketbrigade.problems.Problem if there is nothing that can be in front of a stream
     */
    RowBuffer open(String stream, BufferName name);
}
