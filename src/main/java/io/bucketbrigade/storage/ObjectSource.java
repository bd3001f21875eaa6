package io.bucketbrigade.storage;

import java.io.IOException;

/** One version of an object: every read asks for just that one, so two versions are never mixed. */
final class ObjectSource implements Source {
    private final Bucket bucket;
    private final Identity identity;
    private final ReadAhead bytes;

    ObjectSource(Bucket bucket, Identity identity, ReadAhead bytes) {
        this.bucket = bucket;
        this.identity = identity;
        this.bytes = bytes;
    }

    @Override
    public Identity identity() {
        return identity;
    }

    @Override
    public int read(long position, byte[] into, int offset, int length) throws IOException {
        return bytes.read(position, into, offset, length);
    }

    @Override
    public boolean changed() {
        return !identity.equals(bucket.find(identity.name()).orElse(null));
    }

    @Override
    public void close() {
        bytes.close();
    }
}
