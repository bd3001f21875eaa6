package io.bucketbrigade.storage;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.files.ForcedFolder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Staged files are hidden files in the folder itself, so that putting one in place is a rename on the same file system. */
final class FolderStaging implements Staging {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Folder folder;
    private final Path path;

    FolderStaging(Folder folder, Path path) {
        this.folder = folder;
        this.path = path;
    }

    /**
     * @param file the name of the hidden file
     * @param size its length when it was whole; a rename changes neither this nor the time
     * @param modified when it was last written to
     */
    private record Ticket(String file, long size, String modified) {
        static Ticket parse(String ticket) throws IOException {
            return JSON.readValue(ticket, Ticket.class);
        }

        String text() throws IOException {
            return JSON.writeValueAsString(this);
        }
    }

    @Override
    public String begin(String name, String mark) throws IOException {
        Files.createDirectories(path);
        return new Ticket("." + name + "." + mark + ".staged", 0, "").text();
    }

    @Override
    public String receive(String name, String ticket, InputStream bytes) throws IOException {
        String file = Ticket.parse(ticket).file();
        Path staged = FilePaths.in(path, file);
        try (FileChannel channel = FileChannel.open(staged, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            OutputStream out = Channels.newOutputStream(channel);
            bytes.transferTo(out);
            channel.force(true);
        }
        BasicFileAttributes whole = Files.readAttributes(staged, BasicFileAttributes.class);
        return new Ticket(
                        file, whole.size(), whole.lastModifiedTime().toInstant().toString())
                .text();
    }

    @Override
    public Whereabouts find(String name, String ticket) throws IOException {
        Ticket staged = Ticket.parse(ticket);
        if (isKept(staged)) {
            return Whereabouts.STAGED;
        }
        return inPlace(name, staged).isPresent() ? Whereabouts.IN_PLACE : Whereabouts.GONE;
    }

    @Override
    public Optional<Identity> publish(String name, String ticket) throws IOException {
        Ticket staged = Ticket.parse(ticket);
        if (!isKept(staged)) {
            // An earlier attempt moved it, or somebody removed or changed it; what is in place shows which.
            return inPlace(name, staged);
        }
        Path target = FilePaths.in(path, name);
        try {
            Files.move(FilePaths.in(path, staged.file()), target, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException gone) {
            return inPlace(name, staged);
        } catch (FileSystemException refused) {
            throw new FileSystemException(target.toString(), null, refused.getReason());
        }
        ForcedFolder.force(path);
        Identity moved = new Identity(folder.name(), name, staged.size(), Instant.parse(staged.modified()));
        return inPlace(name, staged).or(() -> Optional.of(moved));
    }

    /** Whether the bytes are there as they were received. */
    private boolean isKept(Ticket staged) throws IOException {
        try {
            BasicFileAttributes now =
                    Files.readAttributes(FilePaths.in(path, staged.file()), BasicFileAttributes.class);
            return now.size() == staged.size()
                    && now.lastModifiedTime().toInstant().toString().equals(staged.modified());
        } catch (NoSuchFileException gone) {
            return false;
        }
    }

    private Optional<Identity> inPlace(String name, Ticket staged) throws IOException {
        return folder.list(List.of(name)).stream()
                .filter(there -> there.size() == staged.size()
                        && there.modified().toString().equals(staged.modified()))
                .findFirst();
    }

    @Override
    public void discard(String name, String ticket) throws IOException {
        Files.deleteIfExists(FilePaths.in(path, Ticket.parse(ticket).file()));
    }
}
