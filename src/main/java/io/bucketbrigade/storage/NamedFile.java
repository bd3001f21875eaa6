package io.bucketbrigade.storage;

/** What a run does with one of many files. */
@FunctionalInterface
public interface NamedFile {
    /** The file's name, as the run's report has it. */
    String name();
}
