package io.bucketbrigade.web;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/** The files of the page, from a list: nothing else of the program can be asked for. */
public final class PageFiles {
    private static final Map<String, String> RESOURCES = Map.of(
            "index.html", "/web/index.html",
            "page.js", "/web/page.js",
            "page.css", "/web/page.css",
            "openapi.json", "/" + Contract.RESOURCE);

    /**
     * A file's bytes.
     *
     * @throws IllegalArgumentException if it is not on the list
     * @throws IOException if it can't be read
     */
    public byte[] read(String name) throws IOException {
        String resource = RESOURCES.get(name);
        if (resource == null) {
            throw new IllegalArgumentException(name);
        }
        try (InputStream in = PageFiles.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException(resource + " is missing in the program");
            }
            return in.readAllBytes();
        }
    }
}
