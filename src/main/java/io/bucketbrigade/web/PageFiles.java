package io.bucketbrigade.web;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Header;

/** The files of the page: nothing else of the program can be asked for. */
public final class PageFiles {
    private static final String FOLDER = "/web/";
    private static final Map<String, String> TYPES =
            Map.of("js", "text/javascript; charset=utf-8", "css", "text/css; charset=utf-8");
    /** No point but the last one, no slash: no name leads out of the page's folder. */
    private static final Pattern NAME = Pattern.compile("[a-z]+\\.(js|css)");

    /**
     * A file's media type.
     *
     * @throws Problem if there is no such file
     */
    public String type(@Header("file") String name) {
        Matcher file = NAME.matcher(name);
        String type = file.matches() ? TYPES.get(file.group(1)) : null;
        if (type == null || PageFiles.class.getResource(FOLDER + name) == null) {
            throw new Problem(Kind.MISSING, "There is nothing at /page/" + name + ".");
        }
        return type;
    }

    /**
     * A file's bytes.
     *
     * @throws Problem if there is no such file
     * @throws IOException if it can't be read
     */
    public byte[] read(@Header("file") String name) throws IOException {
        type(name);
        return resource(FOLDER + name);
    }

    /**
     * The page itself.
     *
     * @throws IOException if it can't be read
     */
    public byte[] page() throws IOException {
        return resource(FOLDER + "index.html");
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
