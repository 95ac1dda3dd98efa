// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.migrate;

/** What becomes of one annotation. */
@FunctionalInterface
interface Translation {

    /** @param name of the annotation, without prefix; {@code annotations} contains it */
    void apply(String name, Annotations annotations, Settings settings);

    /** Another annotation's translation reads this one. */
    static Translation partOf(String other) {
        return (name, annotations, settings) -> {
            if (annotations.get(other).isEmpty()) {
                settings.notes().add(name + ": has no effect without " + other + ".");
            }
        };
    }

    /** Something that wsroute does anyway, or has no need of. */
    static Translation unneeded(String why) {
        return (name, annotations, settings) -> settings.notes().add(name + ": not needed, " + why + ".");
    }

    /** Something that wsroute does not do, unless {@code harmless} is its value. */
    static Translation missing(String harmless, String why) {
        return (name, annotations, settings) -> {
            if (!annotations.is(name, harmless)) {
                settings.notes().add(name + ": has no counterpart, " + why + " (" + annotations.text(name) + ").");
            }
        };
    }

    /** A check of who may connect that wsroute does not make, unless {@code harmless} is its value. */
    static Translation protection(String harmless, String what) {
        return (name, annotations, settings) -> {
            if (!annotations.is(name, harmless)) {
                settings.lostProtections().add(name + ": " + what + ".");
            }
        };
    }
}
