package io.intaglio.client.profile;

/**
 * One value of a profile, fit to be shown to anyone.
 *
 * @param key its name in the file, such as {@code key-id} or {@code attributes.user-id}
 * @param shown the value; a key id and an attribute are shortened, and of a command only the program is shown
 * @param source where the value was found: the file, {@code environment variable NAME} or {@code system property NAME}
 */
public record Setting(String key, String shown, String source) {}
