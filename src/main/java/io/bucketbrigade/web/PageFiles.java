package io.bucketbrigade.web;

import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.registry.Pipeline;
import io.bucketbrigade.registry.Pipelines;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.apache.camel.Body;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/** The files of the page, and those of the pipelines' own pages: nothing else of the program or of their folders can be asked for. */
public final class PageFiles {
    private static final String FOLDER = "/web/";
    private static final Map<String, String> TYPES =
            Map.of("js", "text/javascript; charset=utf-8", "css", "text/css; charset=utf-8");
    /** No point but the last one, no slash: no name leads out of a folder. */
    private static final Pattern NAME = Pattern.compile("[a-z]+(?:-[a-z]+)*\\.(js|css)");

    /** The library that draws charts, as the page names it, and as its jar does. */
    private static final Map<String, String> LIBRARIES =
            Map.of("charts.js", "/META-INF/resources/webjars/chart.js/4.5.1/dist/chart.umd.min.js");

    private final Pipelines pipelines;

    public PageFiles(Pipelines pipelines) {
        this.pipelines = pipelines;
    }

    static boolean has(Pipeline pipeline, String name) {
        return Files.isRegularFile(FilePaths.in(pipeline.folder(), name));
    }

    /**
     * A file's media type.
     *
     * @throws Problem if no file can be called so
     */
    public String type(@Header("file") String name) {
        Matcher file = NAME.matcher(name);
        String type = file.matches() ? TYPES.get(file.group(1)) : null;
        if (type == null) {
            throw missing(name);
        }
        return type;
    }

    /**
     * A file's bytes.
     *
     * @param pipeline the pipeline to whose page it belongs; null for the page itself
     * @throws Problem if there is no such file
     * @throws IOException if it can't be read
     */
    public byte[] read(@Header("pipeline") @Nullable String pipeline, @Header("file") String name) throws IOException {
        type(name);
        if (pipeline == null) {
            return resource(name);
        }
        Pipeline known = pipelines.get(pipeline);
        if (!has(known, name)) {
            throw missing(pipeline + "/" + name);
        }
        return Files.readAllBytes(FilePaths.in(known.folder(), name));
    }

    /** The version of a file, by its bytes: whoever has it need not load it again. */
    public String entityTag(@Body byte[] file) {
        CRC32 sum = new CRC32();
        sum.update(file);
        return "\"" + Long.toHexString(sum.getValue()) + "-" + file.length + "\"";
    }

    /**
     * The page itself.
     *
     * @throws IOException if it can't be read
     */
    public byte[] page() throws IOException {
        return resource("index.html");
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = PageFiles.class.getResourceAsStream(LIBRARIES.getOrDefault(name, FOLDER + name))) {
            if (in == null) {
                throw missing(name);
            }
            return in.readAllBytes();
        }
    }

    private static Problem missing(String name) {
        return new Problem(Kind.MISSING, "There is nothing at /page/" + name + ".");
    }
}
