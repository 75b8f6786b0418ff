/** The page in a browser and what other programs ask for by HTTP: one {@link gpuspool.view.Snapshot} a second, for all who ask. */
package gpuspool.web;
