/** What people are shown: one immutable {@link gpuspool.view.Snapshot} of the tree and its cards, as text and as JSON. */
package gpuspool.view;
