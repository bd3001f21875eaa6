package io.bucketbrigade.web;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.apache.camel.Header;

/** The files of the page, from a list: nothing else of the program can be asked for. */
public final class PageFiles {
    private static final String SCRIPT = "text/javascript; charset=utf-8";
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("app.js", SCRIPT),
            Map.entry("board.js", SCRIPT),
            Map.entry("csv.js", SCRIPT),
            Map.entry("datamart.js", SCRIPT),
            Map.entry("runs.js", SCRIPT),
            Map.entry("service.js", SCRIPT),
            Map.entry("stocks.js", SCRIPT),
            Map.entry("text.js", SCRIPT),
            Map.entry("upload.js", SCRIPT),
            Map.entry("page.css", "text/css; charset=utf-8"));

    /**
     * A file's media type.
     *
     * @throws Problem if it is not on the list
     */
    public String type(@Header("file") String name) {
        String type = TYPES.get(name);
        if (type == null) {
            throw new Problem(Kind.MISSING, "There is nothing at /page/" + name + ".");
        }
        return type;
    }

    /**
     * A file's bytes.
     *
     * @throws Problem if it is not on the list
     * @throws IOException if it can't be read
     */
    public byte[] read(@Header("file") String name) throws IOException {
        type(name);
        return resource("/web/" + name);
    }

    /**
     * The page itself.
     *
     * @throws IOException if it can't be read
     */
    public byte[] page() throws IOException {
        return resource("/web/index.html");
    }

    /**
     * The contract.
     *
     * @throws IOException if it can't be read
     */
    public byte[] contract() throws IOException {
        return resource("/" + Contract.RESOURCE);
    }

    private static byte[] resource(String resource) throws IOException {
        try (InputStream in = PageFiles.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException(resource + " is missing in the program");
            }
            return in.readAllBytes();
        }
    }
}
