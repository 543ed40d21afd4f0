package io.intaglio.signing.secret;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Function;

/** Reads and replaces files that only their owner may see. Symbolic links are followed, the rules hold for their target. */
final class OwnerOnlyFile {
    static final int MAX_BYTES = 1 << 20;
    private static final Set<PosixFilePermission> OPEN_TO_OTHERS = Set.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);
    private static final Set<PosixFilePermission> OWNER_ONLY =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private OwnerOnlyFile() {}

    /**
     * Hands the whole content to a function and wipes it afterwards.
     *
     * @param subject what the file is, for messages: {@code secret file}
     * @throws SecretException naming the file and the next step, when it is missing, no regular file, open to group or
     *     others, or over 1 MiB
     */
    static <T> T use(Path file, String subject, Function<byte[], T> function) {
        byte[] content;
        try {
            check(file, subject);
            content = read(file, subject);
        } catch (NoSuchFileException e) {
            throw new SecretException(subject + " " + file + " does not exist; check the path", e);
        } catch (IOException e) {
            throw new SecretException(
                    subject + " " + file + " cannot be read (" + e.getClass().getSimpleName()
                            + "); check that this user owns it",
                    e);
        }
        try {
            return function.apply(content);
        } finally {
            Arrays.fill(content, (byte) 0);
        }
    }

    private static void check(Path file, String subject) throws IOException {
        PosixFileAttributeView posix = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        BasicFileAttributes attributes =
                posix == null ? Files.readAttributes(file, BasicFileAttributes.class) : posix.readAttributes();
        if (!attributes.isRegularFile()) {
            throw new SecretException(subject + " " + file + " is "
                    + (attributes.isDirectory() ? "a directory" : "not a regular file") + "; give a regular file");
        }
        if (posix != null) {
            Set<PosixFilePermission> permissions = posix.readAttributes().permissions();
            if (permissions.stream().anyMatch(OPEN_TO_OTHERS::contains)) {
                throw new SecretException(subject + " " + file + " is open to others than its owner ("
                        + PosixFilePermissions.toString(permissions) + "); close it with: chmod 600 " + file);
            }
        }
    }

    private static byte[] read(Path file, String subject) throws IOException {
        // a direct buffer of our own: with a heap buffer the JDK reads through a cached one that nobody wipes
        ByteBuffer direct = ByteBuffer.allocateDirect((int) Math.min(Files.size(file), MAX_BYTES) + 1);
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            int last;
            do {
                last = channel.read(direct);
            } while (last >= 0 && direct.hasRemaining());
            int read = direct.flip().remaining();
            if (read > MAX_BYTES) {
                throw new SecretException(subject + " " + file + " is larger than 1 MiB; is it the right file?");
            }
            byte[] content = new byte[read];
            direct.get(content);
            return content;
        } finally {
            direct.clear().put(new byte[direct.capacity()]);
        }
    }

    /** Makes a file with this content, or fails when anything is there already. A failed write leaves no file. */
    static void create(Path file, byte[] content) {
        ByteBuffer direct = ByteBuffer.allocateDirect(content.length); // as in read: no cached copy that nobody wipes
        direct.put(content).flip();
        try {
            boolean posix =
                    Files.getFileAttributeView(file.toAbsolutePath().getParent(), PosixFileAttributeView.class) != null;
            FileAttribute<?>[] ownerOnly = posix
                    ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                    : new FileAttribute<?>[0];
            FileChannel made =
                    FileChannel.open(file, Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW), ownerOnly);
            try (FileChannel out = made) {
                while (direct.hasRemaining()) {
                    out.write(direct);
                }
                out.force(true);
            } catch (IOException e) {
                deleteAfter(e, file); // it is ours, and half a key is of use to a thief alone
                throw e;
            }
        } catch (FileAlreadyExistsException e) {
            throw new SecretException(
                    "file " + file + " exists already and is not overwritten; choose another name", e);
        } catch (IOException e) {
            throw new SecretException(
                    "file " + file + " cannot be written (" + e.getClass().getSimpleName()
                            + "); check its folder and the room on the disk",
                    e);
        } finally {
            direct.clear().put(new byte[direct.capacity()]);
        }
    }

    private static void deleteAfter(IOException failure, Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /** Replaces the file or makes it: a reader sees the old content or the new, also after a crash. */
    static void replace(Path file, byte[] content) throws IOException {
        Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        Path folder = target.getParent();
        if (folder == null) {
            throw new IOException("no folder");
        }
        boolean posix = Files.getFileAttributeView(folder, PosixFileAttributeView.class) != null;
        FileAttribute<?>[] ownerOnly = posix
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
        Path fresh = Files.createTempFile(folder, ".intaglio-", ".new", ownerOnly);
        try {
            try (FileChannel out = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                ByteBuffer rest = ByteBuffer.wrap(content);
                while (rest.hasRemaining()) {
                    out.write(rest);
                }
                out.force(true);
            }
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
            if (posix) {
                try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
                    names.force(true); // the rename is on the disk too
                }
            }
        } finally {
            Files.deleteIfExists(fresh);
        }
    }
}
