package dev.wsroute.operator.admin;

import java.util.Optional;

/** Whether the program does its work. */
public interface Health {

    /** What keeps it from that, in a few words; empty when nothing does. */
    Optional<String> obstacle();
}
