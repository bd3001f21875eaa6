package io.bucketbrigade.watching;

import io.bucketbrigade.registry.InputFile;
import io.bucketbrigade.registry.InputFiles;
import io.bucketbrigade.storage.Location;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What looks like a file that is to be run, and is none. */
public final class PassedOver {
    /** Hidden files, and what programs call files that they have not written to the end. */
    private static final Pattern NOT_MEANT =
            Pattern.compile("\\..*|.*~|.*\\.(part|partial|tmp|temp|filepart|crdownload|swp)", Pattern.CASE_INSENSITIVE);

    private PassedOver() {}

    /**
     * Why things there are not run, in sentences without a full stop.
     *
     * @throws IOException if the location can't be read
     */
    public static SortedSet<String> in(Location location, InputFiles inputs) throws IOException {
        SortedSet<String> reasons = new TreeSet<>();
        try {
            for (String name : location.noFiles(name -> inputs.find(name).isPresent())) {
                reasons.add(name + " is not a file, or a link to nothing, and is passed over");
            }
            for (String name : location.allNames()) {
                int slash = name.lastIndexOf('/');
                if (inputs.find(name).isPresent()) {
                    continue;
                }
                if (slash < 0 && !NOT_MEANT.matcher(name).matches()) {
                    reasons.add(name + " is passed over, because only files called " + called(inputs) + " are read");
                } else if (inputs.find(name.substring(slash + 1)).isPresent()) {
                    reasons.add(name.substring(0, slash) + " is a folder within " + location.name()
                            + ", where files are not looked for");
                }
            }
        } catch (NoSuchFileException folderIsMadeByTheService) {
            return reasons;
        }
        return reasons;
    }

    /** How the files are called that are run. */
    public static String called(InputFiles inputs) {
        return inputs.files().stream().map(InputFile::title).collect(Collectors.joining(" or "));
    }
}
