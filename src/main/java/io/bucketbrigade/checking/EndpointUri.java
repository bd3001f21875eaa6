package io.bucketbrigade.checking;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An address as routes write it.
 *
 * @param scheme the component; blank if there is none
 * @param path what is between the component and the options
 * @param options the options behind the question mark
 */
record EndpointUri(String scheme, String path, Map<String, String> options) {
    static EndpointUri of(String uri) {
        int colon = uri.indexOf(':');
        int mark = uri.indexOf('?');
        boolean hasPath = colon > 0 && (mark < 0 || colon < mark);
        String scheme = hasPath ? uri.substring(0, colon) : mark < 0 ? "" : uri.substring(0, mark);
        String path = hasPath ? uri.substring(colon + 1, mark < 0 ? uri.length() : mark) : "";
        Map<String, String> options = new LinkedHashMap<>();
        if (mark >= 0) {
            for (String option : uri.substring(mark + 1).split("&", -1)) {
                int equal = option.indexOf('=');
                if (equal > 0 && option.substring(0, equal).matches("[\\w.-]+")) {
                    options.put(option.substring(0, equal), option.substring(equal + 1));
                }
            }
        }
        return new EndpointUri(scheme, path.replaceFirst("^//", ""), options);
    }
}
