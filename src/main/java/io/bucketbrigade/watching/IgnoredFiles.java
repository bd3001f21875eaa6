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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What looks like a file that is to be run, and is none, because of its name or its place. */
public final class IgnoredFiles {
    /** Hidden files, and what programs call files that they have not written to the end. */
    private static final Pattern NOT_MEANT =
            Pattern.compile("\\..*|.*~|.*\\.(part|partial|tmp|temp|filepart|crdownload|swp)", Pattern.CASE_INSENSITIVE);

    private static final int MOST_NAMED = 20;
    private static final Logger LOG = LoggerFactory.getLogger(IgnoredFiles.class);

    private IgnoredFiles() {}

    /**
     * Why things there are not run, in sentences without a full stop; of very many the first, and how many more there are.
     *
     * @throws IOException if the location can't be read
     */
    public static SortedSet<String> in(Location location, InputFiles inputs) throws IOException {
        SortedSet<String> reasons = new TreeSet<>();
        try {
            for (String name : location.noFiles(name -> inputs.find(name).isPresent())) {
                reasons.add(name + " is not a file, or a link to nothing, and is ignored");
            }
            for (String name : location.allNames()) {
                int slash = name.lastIndexOf('/');
                if (inputs.find(name).isPresent()) {
                    continue;
                }
                if (slash < 0 && !NOT_MEANT.matcher(name).matches()) {
                    reasons.add(name + " is ignored, because only files called " + called(inputs) + " are read");
                } else if (inputs.find(name.substring(slash + 1)).isPresent()) {
                    reasons.add("files in the folder " + name.substring(0, slash) + " are ignored: they must be in "
                            + location.name() + " itself");
                }
            }
        } catch (NoSuchFileException folderIsMadeByTheService) {
            LOG.debug("{} does not exist yet", location.name(), folderIsMadeByTheService);
        }
        return reasons.size() <= MOST_NAMED ? reasons : first(reasons, location);
    }

    private static SortedSet<String> first(SortedSet<String> reasons, Location location) {
        SortedSet<String> first = reasons.stream().limit(MOST_NAMED).collect(Collectors.toCollection(TreeSet::new));
        first.add(location.name() + " has " + (reasons.size() - MOST_NAMED) + " more files that are ignored");
        return first;
    }

    /** How the files are called that are run; names that differ only by upper and lower case are one. */
    public static String called(InputFiles inputs) {
        return String.join(
                " or ",
                inputs.files().stream()
                        .map(InputFile::title)
                        .collect(Collectors.toCollection(() -> new TreeSet<>(String.CASE_INSENSITIVE_ORDER))));
    }
}
