package io.bucketbrigade.storage;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Keeps whole files beside a location, where no reader sees them, until all of them can be put in place. A file is known by
 * its ticket, a text
 * that any later process can use: the one that received a file need not be the one that puts it in place.
 */
public interface Staging {

    /**
     * Prepares to receive a file.
     *
     * @param mark something that no other file uses
     * @return its ticket
     * @throws IOException if the location can't be written to
     */
    String begin(String name, String mark) throws IOException;

    /**
     * Receives the file and keeps it safely.
     *
     * @param ticket what {@link #begin} returned
     * @return the ticket of the whole file
     * @throws IOException if the bytes can't be read, or can't be written
     */
    String receive(String name, String ticket, InputStream bytes) throws IOException;

    /** Where a whole file is. */
    enum Whereabouts {
        STAGED,
        IN_PLACE,
        GONE
    }

    /**
     * Where a whole file is, or at least was when it was last heard of.
     *
     * @param ticket what {@link #receive} returned
     * @throws IOException if the location can't be read
     */
    Whereabouts find(String name, String ticket) throws IOException;

    /**
     * Puts a whole file in place, in one step. Doing it again does no harm.
     *
     * @param ticket what {@link #receive} returned
     * @return the version that is in place now; empty if the staged bytes are gone and another file is in place
     * @throws IOException if it can't be put in place; it can be tried again
     */
    Optional<Identity> publish(String name, String ticket) throws IOException;

    /**
     * Removes the bytes that were received. Doing it again, or after {@link #publish}, does no harm.
     *
     * @throws IOException if they can't be removed; it can be tried again
     */
    void discard(String name, String ticket) throws IOException;
}
