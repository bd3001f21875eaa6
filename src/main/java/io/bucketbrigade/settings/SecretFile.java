package io.bucketbrigade.settings;

import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.files.TextFile;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;

/**
 * A file with the value of a secret, as Docker and Kubernetes mount them: BRIGADE_API_KEY_FILE names the file with what
 * BRIGADE_API_KEY would be. Variables are seen by all who may look at a process or a container; files have permissions.
 */
final class SecretFile {
    /** What the name of the variable ends with. */
    static final String ENDING = "_FILE";

    private SecretFile() {}

    /** The variable whose value is in the file that another variable names; blank if that can't be. */
    static String settingOf(String variable) {
        return variable.endsWith(ENDING) ? variable.substring(0, variable.length() - ENDING.length()) : "";
    }

    /**
     * What is in the file, without the ends of lines behind it.
     *
     * @param name the variable that names it, as people know it
     * @param path the file
     * @param direct what the setting itself is set to; blank if it is not
     * @throws Problem if both are given, or there is nothing to read; it repeats nothing of the secret
     */
    static String read(String name, String path, String direct) {
        if (!direct.isBlank()) {
            String variable = name.replaceFirst(" .*", "");
            throw new Problem(Kind.USAGE, name + " and " + settingOf(variable) + " are both set. Remove one of them.");
        }
        String content;
        try {
            content = TextFile.read(FilePaths.of(path)).replaceFirst("[\\r\\n]+\\z", "");
        } catch (Problem problem) {
            throw new Problem(Kind.USAGE, name + ": " + problem.sentence(), problem);
        }
        if (content.isBlank()) {
            throw new Problem(
                    Kind.USAGE,
                    name + ": the file " + path + " is empty. Write the secret into it, or remove the setting.");
        }
        return content;
    }
}
