package io.intaglio.signing.secret;

import java.util.List;
import java.util.Locale;

/** The operating system's own store, asked through its own command. */
enum Keyring {
    LINUX(
            "secret-tool gave nothing for %s: it is not stored, the keyring is locked, or this is a machine without a desktop"
                    + " session; store it with: secret-tool store --label=%s service intaglio account %s, or use"
                    + " vaultfile: or file: here"),
    MAC("the keychain gave nothing for %s: it is not stored, or the keychain is locked, as it is for a background"
            + " process; store it with: security add-generic-password -s intaglio -a %s -w, or use vaultfile: or"
            + " file: here"),
    WINDOWS(
            "DPAPI gave nothing for %s: there is no file of this name in the folder intaglio of LOCALAPPDATA, or another"
                    + " user encrypted it; docs/secrets.md shows how to make it, or use vaultfile: or file: here");

    private final String nothing;

    Keyring(String nothing) {
        this.nothing = nothing;
    }

    /** @param name the system property {@code os.name} */
    static Keyring of(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.startsWith("windows") ? WINDOWS : lower.startsWith("mac") ? MAC : LINUX;
    }

    List<String> command(String name) {
        return switch (this) {
            case LINUX -> List.of("secret-tool", "lookup", "service", "intaglio", "account", name);
            case MAC -> List.of("/usr/bin/security", "find-generic-password", "-s", "intaglio", "-a", name, "-w");
            case WINDOWS ->
                List.of(
                        "powershell.exe",
                        "-NoProfile",
                        "-NonInteractive",
                        "-Command",
                        "$ErrorActionPreference='Stop';Add-Type -AssemblyName System.Security;"
                                + "$b=[IO.File]::ReadAllBytes((Join-Path $env:LOCALAPPDATA 'intaglio\\" + name
                                + ".dpapi'));$p=[Security.Cryptography.ProtectedData]::Unprotect($b,$null,'CurrentUser');"
                                + "[Console]::OpenStandardOutput().Write($p,0,$p.Length)");
        };
    }

    String nothing(String name) {
        return nothing.replace("%s", name);
    }

    /** A name goes into a command line, so it holds letters, digits, dots, underscores and dashes alone. */
    static String checked(String name) {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
            throw new SecretException("keyring: takes a name of letters, digits, dots, underscores and dashes; "
                    + "write keyring:desk-7");
        }
        return name;
    }
}
