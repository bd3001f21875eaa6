package io.bucketbrigade.lake;

import io.bucketbrigade.problems.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.iceberg.DataFile;

/** The data files of a lake on a disk of this machine, which is the only place where DuckDB reads and writes them. */
interface LocalData extends AutoCloseable {
    /**
     * What all that can be found is below.
     *
     * @throws IOException if it can't be made
     */
    Path folder() throws IOException;

    /**
     * Where data files are, in the order of the files. They stay there until this is closed.
     *
     * @throws Problem if one is missing or has another length
     * @throws IOException if one can't be fetched
     */
    List<Path> find(List<DataFile> files) throws IOException;

    /**
     * A folder to write new data files into, which are then added.
     *
     * @param folder the folder of the lake that they are for
     * @throws IOException if it can't be made
     */
    Path folderToWrite(String folder) throws IOException;

    /** The address that a file gets which is written there. */
    String address(Path written);

    /**
     * Makes whole files that were written there files of the lake: when this returns, anybody can read them by their addresses.
     *
     * @throws IOException if one can't be put there
     */
    void add(List<Path> written) throws IOException;

    @Override
    void close();
}
