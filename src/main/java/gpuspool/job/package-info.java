/**
 * What a job is: its name, what it asks for, how it ended. Values only, and the readers that make them from plain and
 * TOML job files; looks into no other room.
 */
package gpuspool.job;
