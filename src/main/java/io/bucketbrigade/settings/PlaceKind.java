package io.bucketbrigade.settings;

import io.bucketbrigade.files.BucketName;
import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.nio.file.Files;
import java.nio.file.Path;

/** Settings that say where something is. Only names are checked, and what the local file system knows at once. */
enum PlaceKind implements SettingKind {
    /** A folder or a bucket that is read. */
    READ("a folder, or a bucket written s3://bucket/prefix"),
    /** A folder or a bucket that is written. */
    WRITTEN("a folder, or a bucket written s3://bucket/prefix"),
    SEVERAL("folders or buckets, separated by commas"),
    FOLDER("a folder"),
    FOLDER_THAT_EXISTS("a folder that exists"),
    FILE("a file"),
    BUCKETS("names of buckets, separated by commas");

    private final String wanted;

    PlaceKind(String wanted) {
        this.wanted = wanted;
    }

    @Override
    public String wanted() {
        return wanted;
    }

    @Override
    public void check(String name, String value, Settings settings) {
        if (value.indexOf('"') >= 0) {
            throw new Problem(Kind.USAGE, name + " is '" + value + "', which contains a quotation mark. Remove it.");
        }
        switch (this) {
            case READ, WRITTEN -> place(name, value);
            case SEVERAL -> Values.list(value).forEach(one -> place(name, one));
            case FOLDER, FOLDER_THAT_EXISTS -> folder(name, value);
            case FILE -> file(name, value);
            case BUCKETS -> Values.list(value).forEach(bucket -> BucketName.check(bucket, value));
        }
    }

    private void place(String name, String value) {
        if (BucketName.find(value).isEmpty()) {
            folder(name, value);
        }
    }

    private void folder(String name, String value) {
        if (BucketName.isMeant(value)) {
            throw Values.wrong(name, value, wanted + ", not a bucket", null);
        }
        Path path = FilePaths.of(value);
        if (Files.exists(path) ? !Files.isDirectory(path) : this == FOLDER_THAT_EXISTS) {
            throw new Problem(Kind.USAGE, name + " is '" + value + "', which is not a folder.");
        }
    }

    private static void file(String name, String value) {
        Path path = FilePaths.of(value);
        if (Files.isDirectory(path) || !Files.isReadable(path)) {
            throw new Problem(Kind.USAGE, name + " is '" + value + "', which does not exist or can't be read.");
        }
    }
}
